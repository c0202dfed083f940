/** The order of latches and its check at run time. Answers to InnoDB's sync/ directory. */
@NullMarked
package org.selvage.engine.sync;

import org.jspecify.annotations.NullMarked;
