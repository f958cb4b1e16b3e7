import type { StandInImage } from '@cc-ci/machine/image';
import { busyboxImage, nginxImage, redisImage } from '@cc-ci/machine/image-bases';
import { postgresImage } from '@cc-ci/machine/postgres-image';
import { toolboxImage } from '@cc-ci/machine/toolbox-image';

/** The images that system tests deploy, under the names that recipes use. */
export const standInImages: readonly StandInImage[] = [
  { references: ['library/busybox:1.36.1'], from: busyboxImage },
  { references: ['library/nginx:1.25.3', 'library/nginx:1.27.0'], from: nginxImage },
  { references: ['library/redis:7.2.4', 'library/redis:7'], from: redisImage },
  { references: ['library/postgres:15.5'], from: postgresImage },
  toolboxImage(),
];
