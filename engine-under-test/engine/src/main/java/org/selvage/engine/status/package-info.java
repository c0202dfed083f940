/** What the engine says about itself, under InnoDB's names. */
@NullMarked
package org.selvage.engine.status;

import org.jspecify.annotations.NullMarked;
