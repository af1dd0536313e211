export { listBuiltinNames } from './builtins/builtin-table.ts';
export { readIsoDate } from './builtins/date-iso.ts';
export { suggestLayout } from './builtins/foreign-layout.ts';
export { type Difference, listDifferences, matchesPartial } from './compare/difference.ts';
export { nearlyEqual } from './compare/nearly-equal.ts';
export { summarizeValue } from './compare/summary.ts';
export type { CompileOptions } from './compile/compile.ts';
export { findDenials } from './compile/denials.ts';
export { suggestForOutcome } from './compile/foreign-functions.ts';
export { suggestForNamespace } from './compile/foreign-namespaces.ts';
export { describeMeant, type NameUse, type ReachedKey } from './compile/free-names.ts';
export { findListOf, findWholeList, readAccess } from './compile/key-reads.ts';
export { resolvePath } from './compile/parts.ts';
export type { Env, Host, MissingName } from './evaluate/frame.ts';
export type { FunctionDef } from './evaluate/function-def.ts';
export { layerOver } from './evaluate/layer-over.ts';
export type { Explanation } from './explain/explain.ts';
export type { Comparison } from './explain/explain-difference.ts';
export type { LoopExplanation, RoundExplanation } from './explain/explain-loops.ts';
export type { Part } from './explain/explain-parts.ts';
export { describeMissingKey } from './explain/hints-access.ts';
export { suggestForConstant } from './explain/hints-constant.ts';
export { describeJsonMistake } from './explain/json-mistake.ts';
export { compile, type Expression } from './expression.ts';
export type { BinaryOperator, MapEntry, Node, NodeKind, NodeOf, NodeShape, Place } from './syntax/ast.ts';
export { listChildren } from './syntax/ast.ts';
export { writeMarked } from './syntax/foreign-markers.ts';
export { suggestForName } from './syntax/foreign-words.ts';
export { inlineLets } from './syntax/inline-lets.ts';
export { printNode } from './syntax/print.ts';
export { scanTemplate } from './syntax/template-scan.ts';
export { compileTemplate, type Template } from './template.ts';
export { findJoinedKey } from './values/access.ts';
export { decodeValue, encodeValue } from './values/codec.ts';
export { DateValue, DurationValue } from './values/date.ts';
export { describeType } from './values/describe.ts';
export { compareValues, isEqual, isNumber } from './values/equality.ts';
export {
  createBudgetError,
  createOutsideError,
  createRunError,
  ExprError,
  type ExprErrorDetails,
  type ExprErrorKind,
  isOverBudget,
} from './values/error.ts';
export { compareNumbers, ExactNumber, isInteger, type NumberValue, toDouble } from './values/exact.ts';
export { formatValue } from './values/format.ts';
export { showInvisible } from './values/invisible.ts';
export { parseJson, printJson, readJson, sketchJson, stringifyJson } from './values/json.ts';
export { findJsonFault, type JsonFault } from './values/json-fault.ts';
export { Budget, LIMITS } from './values/limits.ts';
export { findMisspelt, findNearestKey } from './values/nearest.ts';
export { isDoubleText } from './values/numeral.ts';
export { chargeSearch, compilePattern, locatePatternMistake, type Pattern, takesAll } from './values/regex.ts';
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
} from './values/value.ts';
