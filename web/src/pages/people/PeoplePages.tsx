import type { ReactElement } from "react";
import type { PageProps } from "../manage/pages.js";
import { linkTo } from "../route.js";
import { BatchOrder } from "./BatchOrder.js";
import { HoursTable } from "./HoursTable.js";
import { PeopleList } from "./PeopleList.js";
import { StatisticsTable } from "./StatisticsTable.js";
import "./people.css";

const PARTS: readonly { readonly id: string; readonly name: string; readonly body: (page: PageProps) => ReactElement }[] = [
  { id: "", name: "Everybody", body: (page) => <PeopleList {...page} /> },
  { id: "order", name: "Order of work", body: ({ api }) => <BatchOrder api={api} /> },
  { id: "statistics", name: "Statistics", body: ({ api }) => <StatisticsTable api={api} /> },
  { id: "hours", name: "Hours", body: ({ api }) => <HoursTable api={api} /> },
];

/** The people of an account: who they are, what they are given, how much they do and how well. */
export function PeoplePages(page: PageProps): ReactElement {
  const here = PARTS.find(({ id }) => id === (page.rest[0] ?? "")) ?? PARTS[0];
  return (
    <>
      <nav className="parts" aria-label="People">
        {PARTS.map(({ id, name }) => <a key={id} href={linkTo("people", ...(id === "" ? [] : [id]))} aria-current={id === here.id ? "page" : undefined}>{name}</a>)}
      </nav>
      {here.body(page)}
    </>
  );
}
