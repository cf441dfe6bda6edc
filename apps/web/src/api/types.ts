import type { components, paths } from '@tom/contracts/edge';

type Schemas = components['schemas'];

export type Org = Schemas['Org'];
export type Task = Schemas['Task'];
export type Case = Schemas['Case'];
export type Contact = Schemas['Contact'];
export type Activity = Schemas['Activity'];
export type TimelineEntry = Schemas['TimelineEntry'];
export type StageExplanation = Schemas['StageExplanation'];
export type Transition = StageExplanation['transitions'][number];
export type Meta = Schemas['Meta'];
export type Text = Schemas['Text'];
export type LiveEvent = Schemas['LiveEvent'];

type Answer<P extends keyof paths> = paths[P] extends { get: { responses: { 200: { content: { 'application/json': infer B } } } } } ? B : never;

export type Me = Answer<'/me'>;
export type Queues = Answer<'/queues'>['items'];
export type Overview = Answer<'/orgs/{orgId}/overview'>;
export type SearchAnswer = Answer<'/search'>;
