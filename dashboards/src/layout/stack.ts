import type { Place, Section } from '@amc-reports/collector-service/contract';

/** A section of a dashboard with its places counted from the dashboard's top. */
export interface StackedSection {
  section: Section;
  /** The row of its heading; undefined without one. */
  heading: number | undefined;
  places: readonly Place[];
}

const HEADING_ROWS = 1;

/** Puts sections one below the other. Places of a section count from its own top, so that a section moves as one. */
export function stack(sections: readonly Section[]): StackedSection[] {
  let top = 0;
  return sections.map((section) => {
    const heading = section.title === undefined ? undefined : top;
    const first = top + (heading === undefined ? 0 : HEADING_ROWS);
    const places = section.widgets.map(({ place }) => ({ ...place, y: place.y + first }));
    // What is closed takes no room below its heading.
    top = section.collapsed ? first : Math.max(first, ...places.map(({ y, h }) => y + h));
    return { section, heading, places };
  });
}
