package org.selvage.engine.tablespace;

import org.jspecify.annotations.Nullable;
import org.selvage.engine.EngineException;
import org.selvage.engine.aio.IoType;

/** Told by the I/O handler thread that an asynchronous request is over. */
public interface IoCompletion {
    /**
     * Ends the request.
     *
     * @param failure why the file operation failed; null when it succeeded
     */
    void complete(IoType type, @Nullable EngineException failure);
}
