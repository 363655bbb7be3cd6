import { invalid, MeshwrightError } from '../errors/catalogue.ts';
import { parseComment } from '../firewall/edit-rules.ts';
import type { FirewallModel, Variable } from '../firewall/model.ts';
import { CUSTOM_PREFIX } from './collections.ts';

export interface VariableInput {
  readonly value?: string | undefined;
  readonly description?: string | undefined;
  readonly syncMesh?: boolean | undefined;
}

type Edit = (model: FirewallModel) => FirewallModel;

const NAME = /^[A-Za-z0-9_]{1,64}$/;
const MAX_VALUE = 1024;
const MAX_VARIABLES = 1000;

export function addVariable(name: string, input: VariableInput & { value: string }): Edit {
  return (model) => {
    if (!NAME.test(name)) throw invalid('name', 'must be 1 to 64 letters, digits and underscores', name);
    if (findVariable(model, name)) throw new MeshwrightError('VARIABLE_EXISTS', { name });
    if (model.variables.length >= MAX_VARIABLES)
      throw new MeshwrightError('VARIABLES_TOO_MANY', { limit: MAX_VARIABLES });
    const variable: Variable = {
      name,
      value: parseValue(input.value),
      description: parseComment(input.description ?? '', 'description'),
      syncMesh: input.syncMesh ?? false,
    };
    return { ...model, variables: [...model.variables, variable] };
  };
}

export function changeVariable(name: string, input: VariableInput): Edit {
  return (model) => {
    const variable = variableOf(model, name);
    const next: Variable = {
      ...variable,
      value: input.value === undefined ? variable.value : parseValue(input.value),
      description:
        input.description === undefined
          ? variable.description
          : parseComment(input.description, 'description'),
      syncMesh: input.syncMesh ?? variable.syncMesh,
    };
    return { ...model, variables: model.variables.map((each) => (each === variable ? next : each)) };
  };
}

export function removeVariable(name: string): Edit {
  return (model) => {
    const variable = variableOf(model, name);
    return { ...model, variables: model.variables.filter((each) => each !== variable) };
  };
}

export function variableOf(model: FirewallModel, name: string): Variable {
  const variable = findVariable(model, name);
  if (!variable) throw new MeshwrightError('VARIABLE_UNKNOWN', { name });
  return variable;
}

/** By its own name, or by the one that it has in a rule. */
function findVariable(model: FirewallModel, name: string): Variable | undefined {
  const named = (wanted: string) => model.variables.find((each) => each.name === wanted);
  return (
    named(name) ?? (name.startsWith(CUSTOM_PREFIX) ? named(name.slice(CUSTOM_PREFIX.length)) : undefined)
  );
}

function parseValue(text: string): string {
  const value = text.trim();
  if (value === '') throw invalid('value', 'must not be empty');
  if (value.length > MAX_VALUE) throw invalid('value', `must have at most ${MAX_VALUE} characters`);
  if (!/^[\x20-\x7e]*$/.test(value)) throw invalid('value', 'must be printable ASCII characters');
  if (value.includes('${')) throw invalid('value', 'must not refer to another variable');
  return value;
}
