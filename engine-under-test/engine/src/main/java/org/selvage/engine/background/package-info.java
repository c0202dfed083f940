/** The master thread and the page cleaner. Answers to InnoDB's srv/ directory. */
@NullMarked
package org.selvage.engine.background;

import org.jspecify.annotations.NullMarked;
