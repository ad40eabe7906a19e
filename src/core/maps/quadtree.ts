/** Points of the plane in squares of four, for sums over all of them (Barnes and Hut 1986). */
export interface Quadtree {
  /**
   * Adds to `force` Σ_j (y_i − y_j) / (1 + |y_i − y_j|²)² over the others, cells that look smaller than `theta` from there
   * as one point; returns Σ_j 1 / (1 + |y_i − y_j|²).
   */
  repulsion(point: number, theta: number, force: { x: number; y: number }): number;
}

/** Below this depth points are taken to lie on one another. */
const deepest = 48;

/** Over positions [n, 2]. */
export function quadtree(positions: Float64Array): Quadtree {
  const n = positions.length / 2;
  const capacity = 4 * Math.max(1, n) + 16;
  let children = new Int32Array(4 * capacity).fill(-1);
  let mass = new Float64Array(capacity);
  let centreX = new Float64Array(capacity);
  let centreY = new Float64Array(capacity);
  let only = new Int32Array(capacity).fill(-1); // the point of a leaf; −1 in cells with children or without points
  let width = new Float64Array(capacity);
  let cells = 0;

  const grow = (): void => {
    const longer = <A extends Float64Array | Int32Array>(old: A, made: A): A => {
      made.set(old);
      return made;
    };
    const size = 2 * mass.length;
    children = longer(children, new Int32Array(4 * size).fill(-1));
    only = longer(only, new Int32Array(size).fill(-1));
    mass = longer(mass, new Float64Array(size));
    centreX = longer(centreX, new Float64Array(size));
    centreY = longer(centreY, new Float64Array(size));
    width = longer(width, new Float64Array(size));
  };
  const cell = (side: number): number => {
    if (cells === mass.length) grow();
    width[cells] = side;
    return cells++;
  };

  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < n; i++) {
    const [x, y] = [positions[2 * i] ?? 0, positions[2 * i + 1] ?? 0];
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  const side = Math.max(right - left, bottom - top, 1e-12) * (1 + 1e-9);
  const root = cell(side);
  const [rootX, rootY] = [(left + right) / 2, (top + bottom) / 2];

  const insert = (point: number): void => {
    const [x, y] = [positions[2 * point] ?? 0, positions[2 * point + 1] ?? 0];
    let [at, midX, midY, depth] = [root, rootX, rootY, 0];
    /** A point that was here alone and goes down with the new one. */
    let pushed = -1;
    while (true) {
      const before = mass[at] ?? 0;
      mass[at] = before + 1;
      centreX[at] = ((centreX[at] ?? 0) * before + x) / (before + 1);
      centreY[at] = ((centreY[at] ?? 0) * before + y) / (before + 1);
      if (before === 0) {
        only[at] = point;
        return;
      }
      if (depth === deepest) return; // as if it lay where the others do
      pushed = only[at] ?? -1;
      const half = (width[at] ?? 0) / 2;
      if (pushed >= 0) {
        only[at] = -1;
        const [px, py] = [positions[2 * pushed] ?? 0, positions[2 * pushed + 1] ?? 0];
        const made = cell(half);
        children[4 * at + quarter(px, py, midX, midY)] = made;
        mass[made] = 1;
        centreX[made] = px;
        centreY[made] = py;
        only[made] = pushed;
      }
      const which = quarter(x, y, midX, midY);
      let next = children[4 * at + which] ?? -1;
      if (next < 0) {
        next = cell(half);
        children[4 * at + which] = next;
      }
      midX += which & 1 ? half / 2 : -half / 2;
      midY += which & 2 ? half / 2 : -half / 2;
      at = next;
      depth++;
    }
  };
  for (let i = 0; i < n; i++) insert(i);

  const stack = new Int32Array(4 * deepest + 8);
  return {
    repulsion: (point, theta, force) => {
      const [x, y] = [positions[2 * point] ?? 0, positions[2 * point + 1] ?? 0];
      let [sum, height] = [0, 0];
      stack[height++] = root;
      while (height > 0) {
        const at = stack[--height] ?? 0;
        const weight = mass[at] ?? 0;
        const alone = only[at] ?? -1;
        if (weight === 0 || alone === point) continue;
        const dx = x - (centreX[at] ?? 0);
        const dy = y - (centreY[at] ?? 0);
        const square = dx * dx + dy * dy;
        const first = 4 * at;
        const leaf =
          alone >= 0 ||
          ((children[first] ?? -1) < 0 &&
            (children[first + 1] ?? -1) < 0 &&
            (children[first + 2] ?? -1) < 0 &&
            (children[first + 3] ?? -1) < 0);
        const wide = width[at] ?? 0;
        if (leaf || wide * wide < theta * theta * square) {
          const near = 1 / (1 + square);
          sum += weight * near;
          force.x += weight * near * near * dx;
          force.y += weight * near * near * dy;
          continue;
        }
        for (let which = 0; which < 4; which++) {
          const child = children[first + which] ?? -1;
          if (child >= 0) stack[height++] = child;
        }
      }
      return sum;
    },
  };
}

const quarter = (x: number, y: number, midX: number, midY: number): number =>
  (x >= midX ? 1 : 0) + (y >= midY ? 2 : 0);
