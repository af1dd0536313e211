export type { BinaryOperator, MapEntry, Node, NodeKind, NodeOf, NodeShape, Place } from './ast.ts';
export { listChildren } from './ast.ts';
export { listBuiltinNames } from './builtins.ts';
export { decodeValue, encodeValue } from './codec.ts';
export type { CompileOptions } from './compile.ts';
export { DateValue, DurationValue } from './date.ts';
export { describeType } from './describe.ts';
export { type Difference, listDifferences, matchesPartial } from './difference.ts';
export { compareValues, isEqual, isNumber } from './equality.ts';
export { createRunError, ExprError, type ExprErrorDetails, type ExprErrorKind } from './error.ts';
export { compareNumbers, ExactNumber, isInteger, type NumberValue, toDouble } from './exact.ts';
export type { Explanation } from './explain.ts';
export type { Comparison } from './explain-difference.ts';
export type { LoopExplanation, RoundExplanation } from './explain-loops.ts';
export type { Part } from './explain-parts.ts';
export { compile, type Expression } from './expression.ts';
export { formatValue } from './format.ts';
export type { Env, Host } from './frame.ts';
export type { FunctionDef } from './function-def.ts';
export { showInvisible } from './invisible.ts';
export { parseJson, stringifyJson } from './json.ts';
export { LIMITS } from './limits.ts';
export type { NameUse } from './names.ts';
export { findNearest } from './nearest.ts';
export { isDoubleText } from './numeral.ts';
export { printNode } from './print.ts';
export { compilePattern, type Pattern } from './regex.ts';
export { summarizeValue } from './summary.ts';
export { compileTemplate, type Template } from './template.ts';
export {
  createCaselessMap,
  isCaseless,
  isKeyedMap,
  isList,
  isMap,
  type KeyedMap,
  readKey,
  setKey,
  type Value,
  type ValueMap,
} from './value.ts';
