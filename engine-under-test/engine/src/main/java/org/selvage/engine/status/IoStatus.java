package org.selvage.engine.status;

import org.selvage.engine.aio.AioArrayStats;
import org.selvage.engine.tablespace.FilSystem;

/**
 * File operations since the engine was opened.
 *
 * @param reads the asynchronous reads of pages
 * @param ibufReads the asynchronous reads of pages of the change buffer's tree
 * @param writes the asynchronous writes
 * @param sync what calling threads did themselves
 * @param openFiles files of tablespaces that are open (Innodb_num_open_files)
 */
public record IoStatus(
        AioArrayStats reads,
        AioArrayStats ibufReads,
        AioArrayStats writes,
        FilSystem.SyncIoCounts sync,
        int openFiles) {}
