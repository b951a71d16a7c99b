/** The form in protobuf of generated objects; undefined for custom kinds. */
import { createProtobuf } from '../../protobuf/create-protobuf.ts';

export const protobufOf = createProtobuf().encode;
