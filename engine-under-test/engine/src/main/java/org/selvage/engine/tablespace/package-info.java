/** Tablespaces, their files and how one is deleted (InnoDB: fil0fil.cc). */
@NullMarked
package org.selvage.engine.tablespace;

import org.jspecify.annotations.NullMarked;
