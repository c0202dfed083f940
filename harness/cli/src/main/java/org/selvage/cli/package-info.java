/** The selvage command. */
@NullMarked
package org.selvage.cli;

import org.jspecify.annotations.NullMarked;
