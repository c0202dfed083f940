/**
 * Simulated asynchronous I/O: slot arrays and what a handler thread does with them (InnoDB:
 * os0file.cc).
 */
@NullMarked
package org.selvage.engine.aio;

import org.jspecify.annotations.NullMarked;
