const types: Readonly<Record<string, string>> = {
  CALL_BACK: 'CALL',
  FIRST_OUTREACH: 'CALL',
  FOLLOW_UP_OFFER: 'CALL',
  INTRO_MEETING: 'MEETING',
  NEEDS_ANALYSIS: 'MEETING',
  SEND_OFFER: 'EMAIL',
  OPS_DATA_CHECK: 'RESEARCH',
  ADD_CONTACT_POINTS: 'RESEARCH',
  IDENTIFY_CONTACT: 'RESEARCH',
  FIT_ASSESSMENT: 'RESEARCH',
  CHECK_RELATION_SIGNALS: 'RESEARCH',
};

/** What one most likely does to get a task done; a call where nothing is known. */
export function typeForTask(taskType: string | undefined): string {
  return (taskType && types[taskType]) || 'CALL';
}
