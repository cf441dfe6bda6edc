import { call, email, type DemoStep } from './demo-company.ts';

/** What was tried in vain or found out before something came of it: three to five things in the last weeks. */
export function history(seed: number, by?: DemoStep['by']): readonly DemoStep[] {
  const who = by === undefined ? {} : { by };
  const when = (step: number) => ({ daysAgo: 27 - ((seed * 5 + step * 6) % 26), hour: 9 + ((seed + step * 3) % 8) });
  const all: readonly DemoStep[] = [
    { kind: 'activity', type: 'RESEARCH', outcome: seed % 4 === 0 ? 'NOTHING_FOUND' : 'FACTS_FOUND', subject: 'Webseite und Handelsregister', ...when(0), ...who },
    call('Erstkontakt', pick(seed, ['NO_ANSWER', 'REACHED_GATEKEEPER', 'LEFT_VOICEMAIL', 'WRONG_NUMBER']), { ...when(1), ...who }),
    email('Unterlagen', pick(seed + 1, ['SENT', 'SENT', 'REPLIED', 'BOUNCED']), { ...when(2), ...who }),
    call('Nachfrage', pick(seed + 2, ['REACHED_DECISION_MAKER', 'NO_ANSWER', 'REACHED_GATEKEEPER', 'NO_ANSWER']), {
      notes: 'Zwischenstand besprochen.',
      ...when(3),
      ...who,
    }),
    call('Zweite Nachfrage', pick(seed + 3, ['LEFT_VOICEMAIL', 'REACHED_DECISION_MAKER', 'NO_ANSWER', 'REACHED_GATEKEEPER']), {
      notes: 'Interesse besteht.',
      ...when(4),
      ...who,
    }),
  ];
  return all.slice(0, 3 + (seed % 3));
}

function pick(seed: number, outcomes: readonly string[]): string {
  return outcomes[seed % outcomes.length] ?? '';
}
