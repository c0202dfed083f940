package org.selvage.checker;

/**
 * What a history with crashes must satisfy, from the strongest to the weakest. Without a crash the
 * first four are the same, linearizability (Herlihy, Wing 1990).
 *
 * <p>In all of them the operations that returned before a crash, except in the last, are kept. How
 * they relate is in Ben-David, Friedman, Wei, Survey of Persistent Memory Correctness Conditions
 * (2022).
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
    DURABLE,
    /**
     * A crash may take back a suffix of the linearization of the era before it, but nothing that
     * had completed before a durable barrier was called which returned. Operations open at the
     * crash and not kept may still take effect later.
     *
     * <p>This is buffered durable linearizability (Izraelevitz, Mendes, Scott 2016) with the cut
     * taken from the one linearization that also explains the era's responses, so that there is no
     * hole. It does not decompose by key.
     */
    BUFFERED_DURABLE
}
