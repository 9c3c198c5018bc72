import type { ReactElement } from "react";

const PATHS: { readonly [name: string]: string } = {
  select: "M5 3l12 8-5.5 1L9 17.5z",
  box: "M4 5h12v10H4zM4 5h.01M16 5h.01M4 15h.01M16 15h.01",
  polygon: "M4 8l6-5 6.5 4.5L14 16l-8.5-1z",
  ellipse: "M2.5 10a7.5 5 0 1015 0 7.5 5 0 10-15 0M10 5h.01M10 15h.01M2.5 10h.01M17.5 10h.01",
  cuboid: "M3 7.5h9V17H3zM12 7.5l5-3.5v9l-5 4M3 7.5L8.5 4H17",
  ruler: "M3 13.5L13.5 3 17 6.5 6.5 17zM6 10.5l1.6 1.6M8.5 8l1.6 1.6M11 5.5l1.6 1.6",
  line: "M3 15.5L8 6l4.5 7L17 4.5M3 15.5h.01M8 6h.01M12.5 13h.01M17 4.5h.01",
  point: "M10 7.2a2.8 2.8 0 100 5.6 2.8 2.8 0 100-5.6M10 2.5v2M10 15.5v2M2.5 10h2M15.5 10h2",
  split: "M4.5 16.5L16 3.5M6.5 6.5l-3 2v6M9.5 4.8L12 3.5M17 7v8l-5 1.5-2.5-.6",
  pick: "M10 2.5v4M10 13.5v4M2.5 10h4M13.5 10h4M10 10h.01",
  link: "M4 15.5a2 2 0 104 0 2 2 0 10-4 0M7.5 14L14 7.5M10 6.5h5v5",
  swap: "M4 7h11l-3-3M16 13H5l3 3",
  lock: "M5 9h10v8H5zM7 9V6.5a3 3 0 016 0V9",
  adjust: "M10 3a7 7 0 100 14 7 7 0 000-14zM10 3v14M10 6h3.6M10 9h6.9M10 12h6.6M10 15h4.5",
  xline: "M3 4h14v12H3zM11 4v12",
  yline: "M3 4h14v12H3zM3 11h14",
  turnleft: "M4 5v4h4M4.5 9A6.5 6.5 0 113.6 12.5",
  turnright: "M16 5v4h-4M15.5 9a6.5 6.5 0 10.9 3.5",
  up: "M5 12l5-5 5 5",
  down: "M5 8l5 5 5-5",
  back: "M12 4l-6 6 6 6",
  undo: "M7 5L3.5 8.5 7 12M4 8.5h7.5a4.5 4.5 0 010 9H9",
  redo: "M13 5l3.5 3.5L13 12M16 8.5H8.5a4.5 4.5 0 000 9H11",
  trash: "M4 6h12M8 6V4h4v2M6 6l.7 10h6.6L14 6",
  fit: "M4 8V4h4M12 4h4v4M16 12v4h-4M8 16H4v-4",
  check: "M4 10.5l4 4 8-9",
  close: "M5 5l10 10M15 5L5 15",
  more: "M5 10h.01M10 10h.01M15 10h.01",
  search: "M9 4a5 5 0 100 10A5 5 0 009 4zM12.8 12.8L16.5 16.5",
  eye: "M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5zM10 12.2a2.2 2.2 0 100-4.4 2.2 2.2 0 000 4.4z",
  eyeOff: "M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5zM10 12.2a2.2 2.2 0 100-4.4 2.2 2.2 0 000 4.4zM4 16.5l12-13",
  unlock: "M5 9h10v7.5H5zM7.2 9V6.4a2.8 2.8 0 015.4-1",
  alignLeft: "M4 3v14M7 5h9v3.2H7zM7 11.8h5V15H7z",
  alignCentre: "M10 3v14M5 5h10v3.2H5zM7 11.8h6V15H7z",
  alignRight: "M16 3v14M4 5h9v3.2H4zM8 11.8h5V15H8z",
  alignTop: "M3 4h14M5 7v9h3.2V7zM11.8 7v5H15V7z",
  alignMiddle: "M3 10h14M5 5v10h3.2V5zM11.8 7v6H15V7z",
  alignBottom: "M3 16h14M5 4v9h3.2V4zM11.8 8v5H15V8z",
  spreadAcross: "M3.5 3v14M16.5 3v14M8 6h4v8H8z",
  spreadDown: "M3 3.5h14M3 16.5h14M6 8h8v4H6z",
  front: "M4 4h8v8H4zM15.5 8.5V16H8",
  "back-of-stack": "M8 8h8v8H8zM8 12H4V4h8v4",
  copy: "M7.5 7.5h9v9h-9zM4 12.5V4h8.5",
  comment: "M3.5 4h13v9.5H9L5.5 17v-3.5h-2z",
  arrow: "M4 10h12M11 5l5 5-5 5",
};

export function Icon({ name, size = 20 }: { name: string; size?: number }): ReactElement {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 20 20" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
      <path d={PATHS[name] ?? ""} />
    </svg>
  );
}

export function Mark({ size = 22 }: { size?: number }): ReactElement {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <rect width="24" height="24" rx="6" fill="var(--accent)" />
      <path d="M5 7v10M9.7 7v6M14.3 7v6M19 7v10M7.3 13.5V17M12 13.5V17M16.7 13.5V17" stroke="#fff" strokeWidth="1.7" strokeLinecap="round" />
    </svg>
  );
}
