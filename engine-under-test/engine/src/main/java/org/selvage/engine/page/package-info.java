/**
 * Page layout: identifiers, header and trailer, checksum (InnoDB: fil0fil.h, fsp0fsp.h,
 * buf0checksum.cc).
 */
@NullMarked
package org.selvage.engine.page;

import org.jspecify.annotations.NullMarked;
