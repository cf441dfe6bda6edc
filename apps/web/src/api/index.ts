export { api, dataOf, ifMatch, newIntention } from './client.ts';
export { onLiveEvent, runLive, useLive, type LiveChange, type LiveState } from './live.ts';
export { ApiProblem, refusalOf, type RuleResult } from './problem.ts';
export {
  caseQuery,
  createQueryClient,
  meQuery,
  metaQuery,
  myCasesQuery,
  myDayQuery,
  myTasksQuery,
  overviewQuery,
  queuesQuery,
  stageQuery,
  useMe,
  useMeta,
  useQueues,
  usersQuery,
} from './queries.ts';
export { accessToken, setAccessToken, useSignedIn } from './session.ts';
export type {
  Activity,
  Case,
  Contact,
  LiveEvent,
  Me,
  Meta,
  Org,
  Overview,
  Queues,
  SearchAnswer,
  StageExplanation,
  Task,
  Text,
  TimelineEntry,
  Transition,
} from './types.ts';
