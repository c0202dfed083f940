/** Turns the operations of the JVM into hook calls. */
@NullMarked
package org.selvage.weaver;

import org.jspecify.annotations.NullMarked;
