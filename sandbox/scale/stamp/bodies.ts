/** Bodies of a generated world: what they are made from is kept, and they are made when they are asked for. */
import type { Body } from '../../store/types.ts';
import type { KubeObject, ResourceId } from '../../types.ts';
import { protobufOf } from './encode.ts';
import { jsonOf, passingJson, type Template } from './template.ts';
import { type Place, RealValues } from './values.ts';

/** One of the many of a template. */
export class StampedBody implements Body {
  readonly #template: Template;
  readonly #place: Place;
  /** Seconds since the epoch. */
  readonly #changedAt: number;
  readonly #revision: number;

  constructor(template: Template, place: Place, changedAt: number, revision: number) {
    this.#template = template;
    this.#place = place;
    this.#changedAt = changedAt;
    this.#revision = revision;
  }

  object(): KubeObject {
    return this.#template.object(this.#values());
  }

  json(): Buffer {
    return this.#template.bytes('json', this.#values(), false);
  }

  protobuf(): Buffer | undefined {
    return this.#template.bytes('protobuf', this.#values(), false);
  }

  passing(form: 'json' | 'protobuf'): Buffer {
    return this.#template.bytes(form, this.#values(), true);
  }

  size(form: 'json' | 'protobuf'): number {
    return this.#template.size(form);
  }

  field(path: string): string | undefined {
    return this.#template.readField(path, this.#values());
  }

  restamp(revision: number): Body {
    return new StampedBody(this.#template, this.#place, this.#changedAt, revision);
  }

  #values(): RealValues {
    return new RealValues(this.#template.seed, this.#place, this.#changedAt, this.#revision);
  }
}

/** What the store knows of an object besides its content. */
export interface Identity {
  /** '' for cluster-scoped ones. */
  namespace: string;
  name: string;
  uid: string;
  labels: Readonly<Record<string, string>>;
}

/** How the objects of one kind are made from what is kept of each. Sources never change: a change makes another. */
export interface Recipe<Source> {
  resource: ResourceId;
  identity(source: Source): Identity;
  make(source: Source, revision: number): KubeObject;
  /** What selectors read. */
  field?(source: Source, path: string): string | undefined;
}

/** An object like no other. */
export class MadeBody<Source> implements Body {
  readonly #recipe: Recipe<Source>;
  readonly #source: Source;
  readonly #revision: number;

  constructor(recipe: Recipe<Source>, source: Source, revision: number) {
    this.#recipe = recipe;
    this.#source = source;
    this.#revision = revision;
  }

  object(): KubeObject {
    return this.#recipe.make(this.#source, this.#revision);
  }

  json(): Buffer {
    return jsonOf(this.object());
  }

  protobuf(): Buffer | undefined {
    return protobufOf(this.object());
  }

  passing(form: 'json' | 'protobuf'): Buffer | undefined {
    return form === 'json' ? passingJson(this.object()) : this.protobuf();
  }

  field(path: string): string | undefined {
    return this.#recipe.field?.(this.#source, path);
  }

  restamp(revision: number): Body {
    return new MadeBody(this.#recipe, this.#source, revision);
  }
}
