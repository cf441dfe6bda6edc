import { useTexts } from '../../i18n/index.ts';
import type { DraftProblem } from './draft-calls.ts';
import { texts } from './draft.texts.ts';
import classes from './draft.module.css';
import pageClasses from './workflow.module.css';

/** What is wrong with the draft; each leads to its place. */
export function Problems({ problems, goTo }: { readonly problems: readonly DraftProblem[]; goTo(problem: DraftProblem): void }) {
  const say = useTexts(texts);
  return (
    <section className={pageClasses['below']} aria-labelledby="draft-problems">
      <h2 id="draft-problems">{say('problems', { count: problems.length })}</h2>
      <ul className={classes['problems']}>
        {problems.map((problem, index) => (
          <li key={index}>
            <button type="button" onClick={() => goTo(problem)}>
              <span className={`fig strong ${problem.severity === 'warning' ? 'yellow' : 'red'}`}>{say(problem.severity === 'warning' ? 'warningAt' : 'problemAt', { line: problem.line })}</span>
              <span lang="en">
                {problem.path && <span className="mono">{problem.path}: </span>}
                {problem.message} <span className="mid">{say('expected', { expected: problem.expected })}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
