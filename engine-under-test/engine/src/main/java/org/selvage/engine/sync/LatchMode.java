package org.selvage.engine.sync;

/** How a latch is held. */
public enum LatchMode {
    /** Shared. */
    S,
    /** Shared by readers, exclusive among writers. */
    SX,
    /** Exclusive. */
    X
}
