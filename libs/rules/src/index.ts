export type { FactType, FactSchema, Facts, ScalarType } from './facts.ts';
export type { Comparison } from './comparisons.ts';
export { ExpressionError } from './expression-error.ts';
export {
  compileCondition,
  compileExpression,
  type Condition,
  type ConditionPart,
  type Explanation,
  type Expression,
} from './condition.ts';
export { allOf, renamed, type Alternatives, type Literal, type Value } from './literals.ts';
export { waysOf, type Contradiction, type Dependence, type Known, type Way, type Ways } from './satisfiable.ts';
export { evaluateGuard, type GuardRule, type GuardVerdict } from './guard.ts';
export { compileTemplateText, type TemplateText } from './template-text.ts';
