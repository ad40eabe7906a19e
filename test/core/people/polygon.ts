/** True where (x, y) lies in the polygon whose corners are x and y in turn. */
export function within(x: number, y: number, corners: readonly number[]): boolean {
  let inside = false;
  for (let i = 0, j = corners.length - 2; i < corners.length; j = i, i += 2) {
    const [ax = 0, ay = 0] = corners.slice(i, i + 2);
    const [bx = 0, by = 0] = corners.slice(j, j + 2);
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}
