package org.selvage.checker;

/**
 * What a history with crashes must satisfy, from the strongest to the weakest. Without a crash they
 * are the same, linearizability (Herlihy, Wing 1990).
 */
public enum Criterion {
    /**
     * An operation open at a crash takes effect before the crash or never (Aguilera, Frølund 2003).
     * The promise of an engine that decides every in-doubt operation in recovery.
     */
    STRICT,
    /**
     * An operation open at a crash takes effect before the next call of the same process or never
     * (Guerraoui, Levy 2004).
     */
    PERSISTENT_ATOMIC,
    /**
     * The history without its crashes is linearizable: an operation open at a crash may take effect
     * at any later time (Izraelevitz, Mendes, Scott 2016).
     */
    DURABLE
}
