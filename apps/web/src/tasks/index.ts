export { CancelDialog } from './cancel-dialog.tsx';
export { NewTaskDialog } from './new-task-dialog.tsx';
export { inQueueOrder } from './order.ts';
export { ReassignDialog } from './reassign-dialog.tsx';
export { RescheduleDialog } from './reschedule-dialog.tsx';
export { taskTexts } from './texts.ts';
export { useTaskActions, type TaskActions } from './use-task-actions.ts';
