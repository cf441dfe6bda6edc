import { Textarea } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, newIntention, useMe, useMeta } from '../../api/index.ts';
import { useDraft } from '../../app/drafts.ts';
import { useLanguage, useSystemText, useTexts } from '../../i18n/index.ts';
import { modKey } from '../../app/keys.ts';
import { Avatar, Button, Card, PartFailed, Rows, tell, tellProblem, useAgo, useNow } from '../../parts/index.ts';
import { notesQuery } from './queries.ts';
import { texts } from './texts.ts';
import classes from './case.module.css';

/** What people remark about the case, and what hand-overs and returns have written; newest first. */
export function Notes({ caseId }: { readonly caseId: string }) {
  const say = useTexts(texts);
  const text = useSystemText();
  const ago = useAgo();
  const now = useNow();
  const me = useMe();
  const { noteTypes } = useMeta();
  const found = useInfiniteQuery(notesQuery(caseId));
  const notes = found.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Card title={say('notes')}>
      <div className={classes['notes']}>
        <NewNote caseId={caseId} />
        {found.isPending && <Rows count={2} height={40} />}
        {found.isError && !found.data && <PartFailed part={say('notes')} error={found.error} retry={() => void found.refetch()} />}
        {found.isSuccess && notes.length === 0 && <p className="dim">{say('noNotes')}</p>}
        <ul>
          {notes.map((note) => (
            <li key={note.noteId}>
              <Avatar user={note.createdBy} me={note.createdBy === me.id} />
              <div className="grow">
                <p className="dim">
                  {note.createdBy} · {text(noteTypes.find(({ code }) => code === note.noteType)?.label)}
                  <time className="push" dateTime={note.createdAt}> · {ago(new Date(note.createdAt), now)}</time>
                </p>
                <p className={classes['noteBody']}>{note.body}</p>
              </div>
            </li>
          ))}
        </ul>
        {found.hasNextPage && <Button small onClick={() => void found.fetchNextPage()}>{say('more')}</Button>}
      </div>
    </Card>
  );
}

function NewNote({ caseId }: { readonly caseId: string }) {
  const say = useTexts(texts);
  const lang = useLanguage();
  const me = useMe();
  const client = useQueryClient();
  const draft = useDraft(`note.${caseId}`, '');
  const save = useMutation({
    mutationFn: (body: string) => api.POST('/cases/{caseId}/notes', { params: { path: { caseId }, header: { 'Idempotency-Key': newIntention() } }, body: { noteType: 'comment', body } }),
    onSuccess: async () => {
      draft.clear();
      tell(say('noteSaved'));
      await client.invalidateQueries({ queryKey: ['case', caseId] });
    },
    onError: (error) => tellProblem(error),
  });
  const body = draft.value.trim();
  const submit = () => {
    if (body !== '') save.mutate(body);
  };
  return (
    <form
      className={classes['newNote']}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Avatar user={me.id} me />
      <Textarea
        id="case-note"
        className="grow"
        aria-label={say('writeNote')}
        placeholder={say('writeNote')}
        autosize
        minRows={1}
        maxRows={8}
        value={draft.value}
        onChange={(event) => draft.change(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit();
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
      />
      {body !== '' && <Button type="submit" busy={save.isPending} hotkey={modKey('↵', lang)}>{say('saveNote')}</Button>}
    </form>
  );
}
