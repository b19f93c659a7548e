# Suggested addressees
routing-place-factory = Place of production
routing-place-warehouse = Place of storage
routing-place-seller = Seller’s place
routing-place-lead = Region of the lead
routing-place-platform = Platform’s place
routing-place-rights-holder = Right holder’s place
routing-place-buyer = Buyer’s place
routing-takes-criminal = takes criminal leads of: { $families }
routing-takes-administrative = deals with administrative violations of: { $families }
routing-takes-own-list = registered as taking leads of: { $families }
routing-takes-branch = its branch ({ $branch }) takes leads of: { $families }
routing-at = { $place } lies in its area: { $region }
routing-same-province = no place of this lead lies in its area, but one lies in its province: { $region }
routing-level-cross-area = cases across areas or by groups go to prefecture level and above (MPS Order 159 art. 24)
routing-level-default = county level handles cases by default
routing-leaves-out = does not take: { $families }; a further addressee is needed
routing-none = No agency to suggest. Add charges and places, or choose by hand.
