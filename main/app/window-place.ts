import type { Rectangle } from 'electron';
import type { WindowPlace } from '../settings/settings.ts';

/** As much of a window's top edge has to be on a screen for a person to get hold of it. */
const graspWidth = 120;
const graspHeight = 32;

/** Where the window was, if a display still shows it there; null lets the system choose. `workAreas` are the displays without their bars. */
export function visiblePlace(place: WindowPlace | null, workAreas: readonly Rectangle[]): WindowPlace | null {
  if (place === null) return null;
  const grasp = { x: place.x, y: place.y, width: place.width, height: graspHeight };
  const isVisible = workAreas.some((area) => {
    const width = Math.min(grasp.x + grasp.width, area.x + area.width) - Math.max(grasp.x, area.x);
    const height = Math.min(grasp.y + grasp.height, area.y + area.height) - Math.max(grasp.y, area.y);
    return width >= Math.min(graspWidth, grasp.width) && height >= graspHeight;
  });
  return isVisible ? place : null;
}
