/** Why a kind is `off` that nobody has decided about: before discovery has answered, and for good where the cluster does not serve it. */
export const NOT_ASKED_FOR = 'not asked for';

/** Served by every cluster: while nobody has decided about it, it is not known which kinds there are. */
export const ALWAYS_SERVED = 'Namespace';
