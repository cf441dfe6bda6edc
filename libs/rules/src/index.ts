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
export { evaluateGuard, type GuardRule, type GuardVerdict } from './guard.ts';
export { compileTemplateText, type TemplateText } from './template-text.ts';
