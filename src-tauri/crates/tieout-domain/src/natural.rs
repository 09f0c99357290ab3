//! Non-negative integers of any size, under `exact`.

use std::cmp::Ordering;

const LIMB_BITS: u32 = 32;

/// A non-negative integer of any size. Limbs least significant first, without a zero at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Natural {
    limbs: Vec<u32>,
}

impl Natural {
    pub(crate) fn zero() -> Self {
        Self { limbs: Vec::new() }
    }

    pub(crate) fn new(value: u128) -> Self {
        let limb = |index: u32| ((value >> (index * LIMB_BITS)) & u128::from(u32::MAX)) as u32;
        Self::trimmed((0..4).map(limb).collect())
    }

    fn trimmed(mut limbs: Vec<u32>) -> Self {
        while limbs.last() == Some(&0) {
            limbs.pop();
        }
        Self { limbs }
    }

    pub(crate) fn pow10(exponent: u32) -> Self {
        let ten = Self::new(10);
        (0..exponent).fold(Self::new(1), |power, _| power.times(&ten))
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.limbs.is_empty()
    }

    pub(crate) fn to_u128(&self) -> Option<u128> {
        if self.limbs.len() > 4 {
            return None;
        }
        let wide = |total: u128, limb: &u32| (total << LIMB_BITS) | u128::from(*limb);
        Some(self.limbs.iter().rev().fold(0, wide))
    }

    pub(crate) fn plus(&self, other: &Self) -> Self {
        let mut carry = 0_u64;
        let mut limbs = Vec::with_capacity(self.limbs.len().max(other.limbs.len()) + 1);
        for index in 0..self.limbs.len().max(other.limbs.len()) {
            let sum = self.limb(index) + other.limb(index) + carry;
            limbs.push((sum & u64::from(u32::MAX)) as u32);
            carry = sum >> LIMB_BITS;
        }
        limbs.push(carry as u32);
        Self::trimmed(limbs)
    }

    /// The distance between the two, so that it cannot fall below zero.
    pub(crate) fn distance(&self, other: &Self) -> Self {
        let (more, less) = if self >= other { (self, other) } else { (other, self) };
        let mut borrow = 0_u64;
        let mut limbs = Vec::with_capacity(more.limbs.len());
        for index in 0..more.limbs.len() {
            let taken = less.limb(index) + borrow;
            borrow = u64::from(more.limb(index) < taken);
            let left = more.limb(index) + (borrow << LIMB_BITS) - taken;
            limbs.push((left & u64::from(u32::MAX)) as u32);
        }
        Self::trimmed(limbs)
    }

    pub(crate) fn times(&self, other: &Self) -> Self {
        let mut limbs = vec![0_u32; self.limbs.len() + other.limbs.len() + 1];
        for (low, a) in self.limbs.iter().enumerate() {
            let mut carry = 0_u64;
            for high in 0..=other.limbs.len() {
                let sum = u64::from(*a) * other.limb(high) + u64::from(limbs[low + high]) + carry;
                limbs[low + high] = (sum & u64::from(u32::MAX)) as u32;
                carry = sum >> LIMB_BITS;
            }
        }
        Self::trimmed(limbs)
    }

    /// Quotient and remainder. `None` for a divisor of zero.
    pub(crate) fn divided(&self, divisor: &Self) -> Option<(Self, Self)> {
        if divisor.is_zero() {
            return None;
        }
        if let (Some(a), Some(b)) = (self.to_u128(), divisor.to_u128()) {
            return Some((Self::new(a / b), Self::new(a % b)));
        }
        Some(self.divided_by_bits(divisor))
    }

    fn divided_by_bits(&self, divisor: &Self) -> (Self, Self) {
        let mut quotient = vec![0_u32; self.limbs.len()];
        let mut rest = Self::zero();
        for (index, limb) in self.limbs.iter().enumerate().rev() {
            for bit in (0..LIMB_BITS).rev() {
                rest = rest.plus(&rest).plus(&Self::new(u128::from((limb >> bit) & 1)));
                if rest >= *divisor {
                    rest = rest.distance(divisor);
                    quotient[index] |= 1 << bit;
                }
            }
        }
        (Self::trimmed(quotient), rest)
    }

    fn limb(&self, index: usize) -> u64 {
        self.limbs.get(index).copied().map_or(0, u64::from)
    }
}

impl PartialOrd for Natural {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Natural {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_length = self.limbs.len().cmp(&other.limbs.len());
        by_length.then_with(|| self.limbs.iter().rev().cmp(other.limbs.iter().rev()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn integers_agree_with_the_machine(a in any::<u64>(), b in any::<u64>()) {
            let (x, y) = (Natural::new(a.into()), Natural::new(b.into()));
            prop_assert_eq!(x.plus(&y).to_u128(), Some(u128::from(a) + u128::from(b)));
            prop_assert_eq!(x.times(&y).to_u128(), Some(u128::from(a) * u128::from(b)));
            prop_assert_eq!(x.distance(&y).to_u128(), Some(u128::from(a.abs_diff(b))));
            prop_assert_eq!(x.cmp(&y), a.cmp(&b));
        }

        #[test]
        fn long_division_gives_back_the_whole(
            a in any::<u128>(), b in any::<u128>(), c in 1_u128..,
        ) {
            let whole = Natural::new(a).times(&Natural::new(b));
            let divisor = Natural::new(c);
            let (quotient, rest) = whole.divided(&divisor).unwrap();
            prop_assert!(rest < divisor);
            prop_assert_eq!(quotient.times(&divisor).plus(&rest), whole);
        }

        #[test]
        fn both_divisions_agree(a in any::<u128>(), b in 1_u128..) {
            let (x, y) = (Natural::new(a), Natural::new(b));
            prop_assert_eq!(x.divided(&y).unwrap(), x.divided_by_bits(&y));
        }
    }
}
