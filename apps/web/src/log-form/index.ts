export { FollowUpField, type FollowUpValue } from './follow-up-field.tsx';
export { LogForm, type LogFormProps } from './log-form.tsx';
export { typeForTask } from './type-for-task.ts';
export type { LogField } from './use-fields.ts';
