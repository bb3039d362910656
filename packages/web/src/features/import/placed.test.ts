import { expect, it } from "vitest";
import { placed } from "./placed.ts";

const files = [new File(["a"], "a.png"), new File(["b"], "b.png")];
const refused = (field: string, words: string) => ({ words, refusal: { field } });

it("puts a refusal beside the file or the text that it is about", () => {
  expect(placed(refused("candidates.1.assets", "Candidate 2 has an asset that is not there."), files)).toEqual({
    words: undefined,
    files: new Map([[files[1], "It has an asset that is not there."]]),
  });
  expect(placed(refused("candidates.2.text", "Candidate 3 has a text of more than 10 characters."), files)).toEqual({
    words: undefined,
    text: "It has a text of more than 10 characters.",
    files: new Map(),
  });
  expect(placed(refused("candidates.0.text", "Step 1 makes texts, and candidate 1 has none."), []).text).toBe(
    "Step 1 makes texts, and this has none.",
  );
  expect(placed(refused("candidates.0.text", "Candidate 1, its text is odd."), []).text).toBe("Its text is odd.");
});

it("leaves what is about all of them as it is", () => {
  const words = "Candidate 1 has a parent that did not advance.";
  expect(placed(refused("candidates.0.parentId", words), files).words).toBe(words);
  expect(placed({ words: "The run has ended.", refusal: undefined }, files).words).toBe("The run has ended.");
});
