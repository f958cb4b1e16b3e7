import { counted } from '@cc-ci/shared/service/counted';

/** Where data was followed through a step. */
export interface DataPlaces {
  /** Volumes that held something to follow. */
  readonly watched: number;
  /** All volumes of the app. */
  readonly volumes: number;
  readonly databases: number;
}

/** `2 of 3 volumes and in 1 database`; undefined where there was nothing to follow. */
export function dataPlaces({ watched, volumes, databases }: DataPlaces): string | undefined {
  const places = [
    ...(watched === 0 ? [] : [`${watched} of ${counted(volumes, 'volumes')}`]),
    ...(databases === 0 ? [] : [counted(databases, 'databases')]),
  ];
  return places.length === 0 ? undefined : places.join(' and in ');
}
