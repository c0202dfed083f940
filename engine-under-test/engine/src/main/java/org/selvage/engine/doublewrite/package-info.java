/** The doublewrite file (InnoDB's buf0dblwr.cc). */
@NullMarked
package org.selvage.engine.doublewrite;

import org.jspecify.annotations.NullMarked;
