import { defineTexts } from '../i18n/index.ts';

export const tellTexts = defineTexts('tell', {
  de: {
    undo: 'Rückgängig',
    unreachable: 'Keine Verbindung. Es ist nichts geschehen; erneut versuchen.',
    busy: 'Gerade überlastet. In {{seconds}} s erneut versuchen.',
    claimedBy: '{{by}} hat die Aufgabe übernommen.',
    caseClaimedBy: '{{by}} hat den Fall übernommen.',
    stageChanged: '{{by}} hat das Unternehmen gerade auf „{{stage}}“ gestellt.',
    stale: 'Inzwischen geändert. Der neue Stand wird angezeigt.',
    close: 'Schließen',
  },
  en: {
    undo: 'Undo',
    unreachable: 'No connection. Nothing has happened; try again.',
    busy: 'Overloaded right now. Try again in {{seconds}} s.',
    claimedBy: '{{by}} has claimed this task.',
    caseClaimedBy: '{{by}} has claimed this case.',
    stageChanged: '{{by}} has just set this company to “{{stage}}”.',
    stale: 'Changed meanwhile. The new state is shown.',
    close: 'Close',
  },
});
