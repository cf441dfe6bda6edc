import IconCalendarPlus from '@tabler/icons-react/icons/IconCalendarPlus';
import IconPhone from '@tabler/icons-react/icons/IconPhone';
import IconPlayerPlay from '@tabler/icons-react/icons/IconPlayerPlay';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, newIntention, useMe, type Case, type RuleResult } from '../../../api/index.ts';
import { useSingleKeys } from '../../../app/keys.ts';
import { useTexts } from '../../../i18n/index.ts';
import { Button, tell, tellProblem } from '../../../parts/index.ts';
import { smallIcon } from '../../../parts/icon.ts';
import { texts } from '../texts.ts';
import { useStartTemplate } from './use-start-template.ts';

interface FixesProps {
  readonly rule: RuleResult;
  readonly orgId: string;
  readonly cases: readonly Case[];
  onLog(asked: { readonly begin?: 'followUpAt'; readonly activityType?: string }): void;
  onNewTask(): void;
}

/** What would meet an open rule: a button each that opens the right form at the right field. */
export function Fixes({ rule: { fix }, orgId, cases, onLog, onNewTask }: FixesProps) {
  const say = useTexts(texts);
  const single = useSingleKeys();
  const open = cases.filter(({ closedAt }) => closedAt === undefined);
  const key = (letter: string) => (single ? letter : undefined);
  if (!fix) return null;
  const { action, params } = fix;
  if (action === 'LOG_ACTIVITY' && params['field'] === 'followUpAt') {
    return (
      <>
        <Button small hotkey={key('A')} onClick={() => onLog({ begin: 'followUpAt' })}><IconCalendarPlus {...smallIcon} />{say('setFollowUp')}</Button>
        <Button small hotkey={key('T')} onClick={onNewTask}>{say('newTask')}</Button>
      </>
    );
  }
  if (action === 'LOG_ACTIVITY') {
    const types = params['activityTypes'];
    const first: unknown = Array.isArray(types) ? types[0] : undefined;
    return (
      <Button small hotkey={key('A')} onClick={() => onLog(typeof first === 'string' ? { activityType: first } : {})}><IconPhone {...smallIcon} />{say('logContact')}</Button>
    );
  }
  if (action === 'START_TEMPLATE' && typeof params['template'] === 'string') return <StartTemplate orgId={orgId} template={params['template']} />;
  if (action === 'CLAIM_CASE') return open.filter(({ caseType, owner }) => caseType === params['caseType'] && owner === undefined).map((item) => <ClaimCase key={item.caseId} item={item} />);
  if (action === 'CLOSE_CASE') return open.map((item) => <CaseLink key={item.caseId} item={item} label={say('openCase', { title: item.title })} />);
  if (action === 'FULFIL_REQUIREMENT') return open.filter(({ caseId }) => caseId === params['caseId']).map((item) => <CaseLink key={item.caseId} item={item} label={say('fillIn')} />);
  return null;
}

function CaseLink({ item: { caseId }, label }: { readonly item: Case; readonly label: string }) {
  return <Link to="/cases/$caseId" params={{ caseId }} style={{ color: 'var(--tf-accent-text)', fontWeight: 500 }}>{label}</Link>;
}

function StartTemplate({ orgId, template }: { readonly orgId: string; readonly template: string }) {
  const say = useTexts(texts);
  const start = useStartTemplate(orgId);
  const { rights } = useMe();
  if (!rights.includes('start_templates')) return null;
  return (
    <Button small busy={start.isPending} onClick={() => start.mutate(template, { onError: (error) => tellProblem(error) })}>
      <IconPlayerPlay {...smallIcon} />
      {say('startThis', { template })}
    </Button>
  );
}

function ClaimCase({ item: { caseId, orgId, title } }: { readonly item: Case }) {
  const say = useTexts(texts);
  const client = useQueryClient();
  const claim = useMutation({
    mutationFn: () => api.POST('/cases/{caseId}/claim', { params: { path: { caseId }, header: { 'Idempotency-Key': newIntention() } }, body: {} }),
    onSuccess: () => tell(say('caseClaimed', { title })),
    onError: (error) => tellProblem(error),
    onSettled: () => {
      for (const queryKey of [['org', orgId], ['cases']]) void client.invalidateQueries({ queryKey });
    },
  });
  return <Button small busy={claim.isPending} onClick={() => claim.mutate()}>{say('claimCase', { title })}</Button>;
}
