import type { Operation } from '../../contract/document/operations.ts';
import type { MadeAnswer } from '../../contract/made/make-answer.ts';
import type { Expressions } from '../../model/action/io.ts';
import { type AnswerMaker, Route } from './route.ts';
import { findContradiction, type StubContract } from './stub-contract.ts';
import type { StubErrors } from './stub-errors.ts';

/** Makes the routes that a document describes: each answers by its examples, or with what is made by its schemas. */
export function createDocumentRoutes(
  held: StubContract,
  expressions: Expressions,
  errors: StubErrors,
): readonly Route[] {
  return held.contract.operations.flatMap((operation) => {
    const maker = createMaker(held, operation, errors);
    const { method } = operation;
    return operation.paths.map((path) => new Route({ method, path: path.text }, expressions, maker));
  });
}

function createMaker(held: StubContract, operation: Operation, errors: StubErrors): AnswerMaker {
  let made: MadeAnswer | undefined;
  return {
    render(_answer, request) {
      if (!made) {
        made = held.contract.makeAnswer(operation, held.seed);
        // The examples of a document may contradict its schemas.
        errors.addContradiction(findContradiction(held, request, made));
      }
      return made;
    },
    delayOf: () => 0,
    followUp: () => undefined,
  };
}
