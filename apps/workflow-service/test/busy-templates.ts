/** A template whose rules use every action. */
export const BUSY = `
key: busy
version: 1
description: Tut alles, was eine Regel tun kann.
trigger:
  event: ActivityLogged
  condition: event.activity_type == 'EMAIL' && has(event.outcome_code)
case:
  type: INBOUND_REQUEST
  engine: inside_sales
  phase: QUALIFY-A
  role: inside_sales
  queue: INSIDE_SALES
  title: 'Anfrage: {{ org.name }}'
  priority: NORMAL
tasks:
  - { key: look, type: GENERAL, title: Ansehen, queue: SALES_OPS, role: ops, due_in_working_days: 1, priority: NORMAL }
  - { key: answer, type: SEND_OFFER, title: Antworten, queue: INSIDE_SALES, role: inside_sales, due_in_working_days: 2, priority: NORMAL }
rules:
  - key: hot
    on: ActivityLogged
    condition: event.activity_type == 'MEETING' && case.priority != 'URGENT'
    do:
      - set_priority: { to: URGENT }
      - add_note: { body: 'Treffen mit {{ org.name }}' }
      - move_phase: { to: QUALIFY-B }
      - move_phase: { to: QUALIFY-A }
  - key: looked
    on: TaskCompleted
    condition: event.task_type == 'GENERAL'
    do:
      - cancel_tasks: { types: [SEND_OFFER] }
      - create_task: { type: SET_NEXT_STEP, title: Weiter, queue: INSIDE_SALES, role: inside_sales, due_in_working_days: 1, priority: LOW, assignee: actor }
  - key: late
    on: TaskBecameOverdue
    condition: event.task_type == 'SEND_OFFER'
    do:
      - escalate: { reason: LATE }
  - key: back
    on: CasePhaseChanged
    condition: event.phase == 'QUALIFY-A' && has(event.previous_phase) && event.previous_phase == 'QUALIFY-B'
    do:
      - add_note: { body: Zurück }
  - key: alarm
    on: CaseEscalated
    condition: event.reason == 'LATE' && event.return_count == 0
    do:
      - create_task: { type: GENERAL, title: Alarm, queue: SALES_OPS, role: ops, due_in_working_days: 1, priority: URGENT }
  - key: waiting
    on: CaseStatusChanged
    condition: event.status == 'WAITING_EXTERNAL'
    do:
      - create_task: { type: CALL_BACK, title: Nachfragen, queue: INSIDE_SALES, role: inside_sales, due_in_working_days: 3, priority: LOW }
  - key: left
    on: OrgStageChanged
    condition: event.to_stage == 'QUALIFYING' && cases.open > 1
    do:
      - create_task: { type: GENERAL, title: Zusammen, queue: SALES_OPS, role: ops, due_in_working_days: 1, priority: LOW }
  - key: over
    on: CaseClosed
    condition: event.outcome_code == 'DISQUALIFIED'
    do:
      - create_task: { type: GENERAL, title: Zu spät, queue: SALES_OPS, role: ops, due_in_working_days: 1, priority: LOW }
  - key: silent
    on: ActivityLogged
    condition: event.activity_type == 'NOTE'
    after: { hours: 30 }
    restarts_on: [ActivityLogged]
    do:
      - create_task: { type: GENERAL, title: Still, queue: INSIDE_SALES, role: inside_sales, due_in_working_days: 1, priority: LOW }
completion:
  - outcome: RESOLVED
    stage: CUSTOMER
  - outcome: DISQUALIFIED
    stage: DISQUALIFIED
`;

/** Rules that look at companies. */
export const CHORES = `
key: chores
version: 1
description: Regeln ohne Fall.
rules:
  - key: no_interest
    on: ActivityLogged
    condition: has(event.outcome_code) && event.outcome_code == 'NOT_INTERESTED'
    do:
      - request_transition: { to: DISQUALIFIED, reason: NO_FIT }
  - key: too_early
    on: ActivityLogged
    condition: has(event.outcome_code) && event.outcome_code == 'HELD'
    do:
      - request_transition: { to: CUSTOMER }
  - key: again
    on: ActivityLogged
    condition: has(event.outcome_code) && event.outcome_code == 'REPLIED' && org.current_stage == 'DORMANT'
    do:
      - start_template: { key: qualify_company }
`;
