/**
 * A bounded reader of flatbuffers, as far as TFLite needs them. Every position is checked against the file's end and
 * every vector against the bytes that are left, so that a damaged file gives `models/bad-source`, never a hang.
 */
export interface Flatbuffer {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly name: string;
}
/** A table: `at` is its position in the file. Fields are known by their slot, as in the schema's order. */
export interface Table {
  readonly buffer: Flatbuffer;
  readonly at: number;
}
export declare function openFlatbuffer(bytes: Uint8Array, name: string): Flatbuffer;
export declare function damaged(name: string, detail: string): Error;
export declare function rootTable(buffer: Flatbuffer, identifier: string): Table;
export declare function int32Field(table: Table, slot: number, otherwise?: number): number;
export declare function uint32Field(table: Table, slot: number, otherwise?: number): number;
export declare function int8Field(table: Table, slot: number, otherwise?: number): number;
export declare function boolField(table: Table, slot: number): boolean;
export declare function floatField(table: Table, slot: number, otherwise?: number): number;
export declare function tableField(table: Table, slot: number): Table | null;
export declare function bytesField(table: Table, slot: number): Uint8Array;
export declare function stringField(table: Table, slot: number): string;
export declare function int32Vector(table: Table, slot: number): number[];
export declare function tableVector(table: Table, slot: number): Table[];
