/**
 * Names the tests that passed only when they were tried again. They are green, so that a busy machine does not keep a
 * change from landing, but each has a race in it, or has found one in Sluice: look into it.
 */
export default class TriedAgain {
  onTestRunEnd(modules) {
    const names = modules.flatMap((module) =>
      [...module.children.allTests("passed")]
        .filter((test) => test.diagnostic()?.flaky)
        .map((test) => `  ${module.relativeModuleId} > ${test.fullName}`),
    );
    if (names.length > 0) console.log(["\nPassed only when tried again:", ...names].join("\n"));
  }
}
