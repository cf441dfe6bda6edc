/** What a rule decided: the state that follows and the events that tell it. Nothing to do: the same state, no events. */
export interface Decision<State, Event> {
  readonly next: State;
  readonly events: readonly Event[];
}
