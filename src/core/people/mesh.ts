/** Triangles over points in millimetres: x right, y up, z towards the camera when the head looks at it. */
export interface Mesh {
  readonly count: number;
  /** [count, 3] */
  readonly positions: Float32Array;
  /** Unit vectors. [count, 3] */
  readonly normals: Float32Array;
  /** Counter-clockwise from outside. [triangles, 3] */
  readonly triangles: Uint32Array;
}

/**
 * Triangles of a grid whose vertices lie row by row, `columns` in each; seen from outside, columns go right and rows
 * go down. Cells for which `skip` says so are left open.
 */
export function gridTriangles(
  columns: number,
  rows: number,
  skip?: (column: number, row: number) => boolean,
): Uint32Array {
  const out: number[] = [];
  for (let r = 0; r + 1 < rows; r++)
    for (let c = 0; c + 1 < columns; c++) {
      if (skip?.(c, r)) continue;
      const a = r * columns + c;
      const d = a + columns;
      // the diagonal follows the side, so that left and right are mirror images
      if (c < (columns - 1) / 2) out.push(a, d, d + 1, a, d + 1, a + 1);
      else out.push(a, d, a + 1, a + 1, d, d + 1);
    }
  return Uint32Array.from(out);
}

/** Writes each vertex's normal, the sum of its triangles' normals weighted by their areas. */
export function computeNormals(positions: Float32Array, triangles: Uint32Array, normals: Float32Array): void {
  normals.fill(0);
  const p = positions;
  for (let t = 0; t < triangles.length; t += 3) {
    const a = (triangles[t] ?? 0) * 3;
    const b = (triangles[t + 1] ?? 0) * 3;
    const c = (triangles[t + 2] ?? 0) * 3;
    const ax = p[a] ?? 0;
    const ay = p[a + 1] ?? 0;
    const az = p[a + 2] ?? 0;
    const ux = (p[b] ?? 0) - ax;
    const uy = (p[b + 1] ?? 0) - ay;
    const uz = (p[b + 2] ?? 0) - az;
    const vx = (p[c] ?? 0) - ax;
    const vy = (p[c + 1] ?? 0) - ay;
    const vz = (p[c + 2] ?? 0) - az;
    const nx = uy * vz - uz * vy;
    const ny = uz * vx - ux * vz;
    const nz = ux * vy - uy * vx;
    // written out: this runs for every triangle of every picture
    normals[a] = (normals[a] ?? 0) + nx;
    normals[a + 1] = (normals[a + 1] ?? 0) + ny;
    normals[a + 2] = (normals[a + 2] ?? 0) + nz;
    normals[b] = (normals[b] ?? 0) + nx;
    normals[b + 1] = (normals[b + 1] ?? 0) + ny;
    normals[b + 2] = (normals[b + 2] ?? 0) + nz;
    normals[c] = (normals[c] ?? 0) + nx;
    normals[c + 1] = (normals[c + 1] ?? 0) + ny;
    normals[c + 2] = (normals[c + 2] ?? 0) + nz;
  }
  normalizeAll(normals);
}

/** Brings every vector of [count, 3] to length 1. */
export function normalizeAll(vectors: Float32Array): void {
  for (let i = 0; i < vectors.length; i += 3) {
    const x = vectors[i] ?? 0;
    const y = vectors[i + 1] ?? 0;
    const z = vectors[i + 2] ?? 0;
    const length = Math.sqrt(x * x + y * y + z * z) || 1;
    vectors[i] = x / length;
    vectors[i + 1] = y / length;
    vectors[i + 2] = z / length;
  }
}

/** Makes the first and the last vertex of each row agree where the grid closes upon itself. */
export function closeSeam(normals: Float32Array, columns: number, rows: number): void {
  for (let r = 0; r < rows; r++) {
    const a = r * columns * 3;
    const b = a + (columns - 1) * 3;
    for (let k = 0; k < 3; k++) {
      const mean = ((normals[a + k] ?? 0) + (normals[b + k] ?? 0)) / 2;
      normals[a + k] = mean;
      normals[b + k] = mean;
    }
  }
}

export function meshOf(positions: Float32Array, triangles: Uint32Array): Mesh {
  const normals = new Float32Array(positions.length);
  computeNormals(positions, triangles, normals);
  return { count: positions.length / 3, positions, normals, triangles };
}
