import { ancestors, type Graph, isLink } from "./graph.ts";
import { NODE_CLASSES } from "./node-classes.ts";

interface ValidationError {
  readonly type: string;
  readonly message: string;
  readonly details: string;
  readonly extra_info: object;
}

export type NodeErrors = Record<string, { errors: ValidationError[]; dependent_outputs: string[]; class_type: string }>;

export type Validation =
  | { readonly outputs: readonly string[]; readonly nodeErrors: NodeErrors }
  | { readonly error: ValidationError; readonly nodeErrors: NodeErrors };

/** As `validate_prompt`: a workflow is taken as soon as one of its outputs can be made. */
export function validate(graph: Graph, uploaded: (name: string) => boolean): Validation {
  for (const [id, node] of Object.entries(graph)) {
    const title = node._meta?.title ?? node.class_type;
    if (!Object.hasOwn(NODE_CLASSES, node.class_type)) {
      const message = `Node '${title}' not found. The custom node may not be installed.`;
      return {
        error: { type: "missing_node_type", message, details: `Node ID '#${id}'`, extra_info: { node_id: id } },
        nodeErrors: {},
      };
    }
  }
  const outputs = Object.keys(graph).filter((id) => NODE_CLASSES[graph[id]!.class_type]!.isOutput);
  if (outputs.length === 0) {
    const error = { type: "prompt_no_outputs", message: "Prompt has no outputs", details: "", extra_info: {} };
    return { error, nodeErrors: {} };
  }
  const nodeErrors: NodeErrors = {};
  const good = outputs.filter((output) => {
    const wrong = ancestors(graph, output).filter((id) => {
      const errors = errorsOf(graph, id, uploaded);
      if (errors.length === 0) return false;
      nodeErrors[id] ??= { errors, dependent_outputs: [], class_type: graph[id]!.class_type };
      nodeErrors[id].dependent_outputs.push(output);
      return true;
    });
    return wrong.length === 0;
  });
  if (good.length > 0) return { outputs: good, nodeErrors };
  const message = "Prompt outputs failed validation";
  return { error: { type: "prompt_outputs_failed_validation", message, details: "", extra_info: {} }, nodeErrors };
}

function errorsOf(graph: Graph, id: string, uploaded: (name: string) => boolean): ValidationError[] {
  const { class_type, inputs } = graph[id]!;
  const found: ValidationError[] = [];
  for (const [name, { type, min, max }] of Object.entries(NODE_CLASSES[class_type]!.required)) {
    const value = inputs[name];
    const say = (kind: string, message: string, details: string): void =>
      void found.push({ type: kind, message, details, extra_info: { input_name: name } });
    if (value === undefined) say("required_input_missing", "Required input is missing", name);
    else if (isLink(value)) continue;
    else if (Array.isArray(type)) {
      if (!type.includes(value))
        say("value_not_in_list", "Value not in list", `${name}: '${value}' not in ${JSON.stringify(type)}`);
    } else if (type === "INT" || type === "FLOAT") {
      const number = Number(value);
      if (Number.isNaN(number)) {
        say("invalid_input_type", "Failed to convert an input value to a INT value", `${name}, ${value}`);
      } else if (min !== undefined && number < min) {
        say("value_smaller_than_min", `Value ${number} smaller than min of ${min}`, name);
      } else if (max !== undefined && number > max) {
        say("value_bigger_than_max", `Value ${number} bigger than max of ${max}`, name);
      }
    } else if (class_type === "LoadImage" && !uploaded(String(value))) {
      say("custom_validation_failed", "Custom validation failed for node", `${name} - Invalid image file: ${value}`);
    }
  }
  return found;
}
