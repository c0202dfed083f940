/** A small InnoDB: the storage engine under test. */
@NullMarked
package org.selvage.engine;

import org.jspecify.annotations.NullMarked;
