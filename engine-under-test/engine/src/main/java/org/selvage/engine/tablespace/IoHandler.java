package org.selvage.engine.tablespace;

import org.selvage.engine.EngineException;
import org.selvage.engine.ErrorLog;
import org.selvage.engine.aio.AioArray;

/** The loop of an I/O handler thread (io_handler_thread). */
final class IoHandler implements Runnable {
    private final FilSystem fil;
    private final AioArray array;
    private final int segment;
    private final ErrorLog log;

    IoHandler(FilSystem fil, AioArray array, int segment, ErrorLog log) {
        this.fil = fil;
        this.array = array;
        this.segment = segment;
        this.log = log;
    }

    @Override
    public void run() {
        try {
            while (completeOne()) {}
        } catch (RuntimeException | Error e) {
            fil.handlerDied(e);
            log.error("I/O handler thread died: array=" + array.name() + " error=" + e);
            throw e;
        }
    }

    /** A page that is corrupt or cannot be read concerns who asks for it, not this thread. */
    private boolean completeOne() {
        try {
            return fil.aioWait(array, segment);
        } catch (EngineException e) {
            log.error(String.valueOf(e.getMessage()));
            return true;
        }
    }
}
