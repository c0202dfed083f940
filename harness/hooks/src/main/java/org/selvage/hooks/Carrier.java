package org.selvage.hooks;

import jdk.internal.access.JavaLangAccess;
import jdk.internal.access.SharedSecrets;
import org.jspecify.annotations.Nullable;

/**
 * The platform thread that explores: every task of an execution runs on it, one at a time.
 *
 * <p>A hook finds its controller through the carrier, not through a static or a thread-local
 * variable, so that any number of searches run side by side, and a thread that is no carrier pays
 * one type check.
 */
public final class Carrier extends Thread {
    private static final JavaLangAccess LANG = SharedSecrets.getJavaLangAccess();

    /** The execution under way. */
    @Nullable Controller controller;

    /** Whether code of the program is running; while the harness itself runs, hooks do nothing. */
    boolean live;

    /** The woven call site that is about to enter a JDK method, or 0. */
    int armedSite;

    /**
     * Makes a carrier.
     *
     * @param body what to explore
     * @param name the thread's name
     * @param stackSizeBytes the stack on which the tasks run, or 0 for the JVM's default
     */
    public Carrier(Runnable body, String name, long stackSizeBytes) {
        super(null, body, name, stackSizeBytes);
        setDaemon(true);
    }

    /**
     * The carrier under the calling code if a controlled task is running its own code, else null.
     */
    static @Nullable Carrier live() {
        return LANG.currentCarrierThread() instanceof Carrier carrier && carrier.live
                ? carrier
                : null;
    }

    /** The carrier under the calling code, or null on any other thread. */
    public static @Nullable Carrier current() {
        return LANG.currentCarrierThread() instanceof Carrier carrier ? carrier : null;
    }

    /** Installs the controller of the next execution. */
    public void control(@Nullable Controller next) {
        controller = next;
        live = false;
        armedSite = 0;
    }

    /** Switches the hooks on or off and returns what they were. */
    public boolean setLive(boolean on) {
        boolean was = live;
        live = on;
        return was;
    }

    /** The name of the task that runs on this carrier now, as far as another thread can tell. */
    public String taskName() {
        Controller current = controller;
        return current == null ? "none" : current.currentTaskName();
    }

    int takeSite() {
        int site = armedSite;
        armedSite = 0;
        return site;
    }
}
