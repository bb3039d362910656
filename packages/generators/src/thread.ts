import { serveTasks } from "./serve-tasks.ts";
import { perform, type Task, type TaskResult } from "./tasks.ts";

serveTasks<Task, TaskResult>(perform);
