/**
 * What the engine tells Java Flight Recorder. Without a recording an event is an object that nobody
 * fills; the JVM takes its calls out.
 */
@NullMarked
package org.selvage.engine.event;

import org.jspecify.annotations.NullMarked;
