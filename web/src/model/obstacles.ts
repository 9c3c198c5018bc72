import type { Obstacle } from "../math/cuboid.js";

/** Why the corrected corners are missing and what would help, for the person who draws. */
export const OBSTACLES: { readonly [reason in Obstacle]: string } = {
  "camera-incomplete": "No corrected corners: the task does not tell enough about its camera.",
  "camera-not-upright": "No corrected corners: the camera's rotation in this task does not have its upward side up.",
  "no-side": "No corrected corners: only the face is drawn. Add a side to see them.",
  "side-within-face": "No corrected corners: the side must end left or right of the face.",
  "above-horizon": "No corrected corners: a lower corner lies at the horizon or above it. Move the face or the side down to the ground.",
  "no-volume": "No corrected corners: the drawing leaves no width, length or height.",
  "behind-camera": "No corrected corners: the face would run behind the camera. Check the width of the face and the slope of the side.",
  "heights-differ": "No corrected corners: face and side are too different in height for one cuboid. Check the side's upper and lower corner.",
};
